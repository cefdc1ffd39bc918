<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis minScale="1e+08" version="3.22.16-Białowieża" styleCategories="Symbology|Labeling|Fields|Forms|Rendering" hasScaleBasedVisibilityFlag="0" maxScale="0">
 <fieldConfiguration>
  <field name="fid" configurationFlags="None">
   <editWidget type="Hidden">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="project_code" configurationFlags="None">
   <editWidget type="ValueRelation">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowMulti" value="false"/>
      <Option type="bool" name="AllowNull" value="true"/>
      <Option type="QString" name="FilterExpression" value=""/>
      <Option type="QString" name="Key" value="code"/>
      <Option type="QString" name="Layer" value=""/>
      <Option type="QString" name="LayerName" value="project"/>
      <Option type="QString" name="LayerProviderName" value="ogr"/>
      <Option type="QString" name="LayerSource" value="./plan.gpkg|layername=project"/>
      <Option type="int" name="NofColumns" value="1"/>
      <Option type="bool" name="OrderByKey" value="true"/>
      <Option type="bool" name="OrderByValue" value="false"/>
      <Option type="bool" name="UseCompleter" value="false"/>
      <Option type="QString" name="Value" value="name"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="rule" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="未落图" value="missing_geometry"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="图形有误" value="invalid_geometry"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="超出规划范围" value="outside_plan"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="超出所填分区" value="outside_zone"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="超出所填重点区域" value="outside_key_area"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="压占生态保护红线" value="red_line"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="位于核心保护区" value="reserve_core"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="位于一般控制区" value="reserve_general"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="压占永久基本农田" value="basic_farmland"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="超出城镇开发边界" value="urban_boundary"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="项目重叠" value="project_overlap"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="县（区）不符" value="county_mismatch"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="target_code" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="area_m2" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="decision" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="认可" value="accepted"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="不认可" value="rejected"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="note" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="document" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="reviewer" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="reviewed_at" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias name="" field="fid" index="0"/>
  <alias name="项目编号" field="project_code" index="1"/>
  <alias name="核查规则" field="rule" index="2"/>
  <alias name="涉及图斑编号" field="target_code" index="3"/>
  <alias name="复核时涉及面积（m²）" field="area_m2" index="4"/>
  <alias name="复核结论" field="decision" index="5"/>
  <alias name="复核说明" field="note" index="6"/>
  <alias name="依据文件" field="document" index="7"/>
  <alias name="复核人" field="reviewer" index="8"/>
  <alias name="复核时间" field="reviewed_at" index="9"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="" field="project_code" applyOnUpdate="0"/>
  <default expression="" field="rule" applyOnUpdate="0"/>
  <default expression="" field="target_code" applyOnUpdate="0"/>
  <default expression="" field="area_m2" applyOnUpdate="0"/>
  <default expression="" field="decision" applyOnUpdate="0"/>
  <default expression="" field="note" applyOnUpdate="0"/>
  <default expression="" field="document" applyOnUpdate="0"/>
  <default expression="" field="reviewer" applyOnUpdate="0"/>
  <default expression="format_date(now(),'yyyy-MM-dd')" field="reviewed_at" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="project_code" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="rule" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="target_code" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="area_m2" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="decision" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="note" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="document" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="reviewer" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="reviewed_at" notnull_strength="0" constraints="0"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="" field="project_code" exp=""/>
  <constraint desc="" field="rule" exp=""/>
  <constraint desc="" field="target_code" exp=""/>
  <constraint desc="" field="area_m2" exp=""/>
  <constraint desc="请选择认可或不认可。" field="decision" exp="length(trim(coalesce(&quot;decision&quot;,'')))>0"/>
  <constraint desc="" field="note" exp=""/>
  <constraint desc="认可时请填写依据的文件名称或文号。" field="document" exp="coalesce(&quot;decision&quot;,'')&lt;>'accepted' or length(trim(coalesce(&quot;document&quot;,'')))>0"/>
  <constraint desc="请填写复核人。" field="reviewer" exp="length(trim(coalesce(&quot;reviewer&quot;,'')))>0"/>
  <constraint desc="" field="reviewed_at" exp=""/>
 </constraintExpressions>
 <expressionfields/>
 <editform tolerant="1"></editform>
 <editforminit/>
 <editforminitcodesource>0</editforminitcodesource>
 <editforminitfilepath></editforminitfilepath>
 <editforminitcode><![CDATA[]]></editforminitcode>
 <featformsuppress>0</featformsuppress>
 <editorlayout>tablayout</editorlayout>
 <attributeEditorForm>
  <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="0" name="对象" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="project_code" showLabel="1" index="1"/>
   <attributeEditorField name="rule" showLabel="1" index="2"/>
   <attributeEditorField name="target_code" showLabel="1" index="3"/>
   <attributeEditorField name="area_m2" showLabel="1" index="4"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="0" name="复核意见" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="decision" showLabel="1" index="5"/>
   <attributeEditorField name="note" showLabel="1" index="6"/>
   <attributeEditorField name="document" showLabel="1" index="7"/>
   <attributeEditorField name="reviewer" showLabel="1" index="8"/>
   <attributeEditorField name="reviewed_at" showLabel="1" index="9"/>
  </attributeEditorContainer>
 </attributeEditorForm>
 <editable/>
 <labelOnTop/>
 <reuseLastValue/>
 <dataDefinedFieldProperties/>
 <widgets/>
 <layerGeometryType>4</layerGeometryType>
</qgis>
