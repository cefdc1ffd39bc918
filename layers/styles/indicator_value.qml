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
  <field name="indicator_code" configurationFlags="None">
   <editWidget type="ValueRelation">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowMulti" value="false"/>
      <Option type="bool" name="AllowNull" value="true"/>
      <Option type="QString" name="FilterExpression" value=""/>
      <Option type="QString" name="Key" value="code"/>
      <Option type="QString" name="Layer" value=""/>
      <Option type="QString" name="LayerName" value="indicator"/>
      <Option type="QString" name="LayerProviderName" value="ogr"/>
      <Option type="QString" name="LayerSource" value="./plan.gpkg|layername=indicator"/>
      <Option type="int" name="NofColumns" value="1"/>
      <Option type="bool" name="OrderByKey" value="true"/>
      <Option type="bool" name="OrderByValue" value="false"/>
      <Option type="bool" name="UseCompleter" value="false"/>
      <Option type="QString" name="Value" value="name"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="operator" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="等于（=）" value="="/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="不低于（≥）" value=">="/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="value" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="text" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias name="" field="fid" index="0"/>
  <alias name="指标" field="indicator_code" index="1"/>
  <alias name="年份" field="year" index="2"/>
  <alias name="比较符号" field="operator" index="3"/>
  <alias name="数值" field="value" index="4"/>
  <alias name="文字目标（原文）" field="text" index="5"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="" field="indicator_code" applyOnUpdate="0"/>
  <default expression="" field="year" applyOnUpdate="0"/>
  <default expression="" field="operator" applyOnUpdate="0"/>
  <default expression="" field="value" applyOnUpdate="0"/>
  <default expression="" field="text" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="indicator_code" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="year" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="operator" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="value" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="text" notnull_strength="0" constraints="0"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="" field="indicator_code" exp=""/>
  <constraint desc="" field="year" exp=""/>
  <constraint desc="" field="operator" exp=""/>
  <constraint desc="请填写数值；没有数值的，在“文字表述”中照录。" field="value" exp="&quot;value&quot; is not NULL or length(trim(coalesce(&quot;text&quot;,'')))>0"/>
  <constraint desc="" field="text" exp=""/>
 </constraintExpressions>
 <expressionfields/>
 <editform tolerant="1"></editform>
 <editforminit/>
 <editforminitcodesource>0</editforminitcodesource>
 <editforminitfilepath></editforminitfilepath>
 <editforminitcode><![CDATA[]]></editforminitcode>
 <featformsuppress>0</featformsuppress>
 <editorlayout>generatedlayout</editorlayout>
 <editable/>
 <labelOnTop/>
 <reuseLastValue/>
 <dataDefinedFieldProperties/>
 <widgets/>
 <layerGeometryType>4</layerGeometryType>
</qgis>
