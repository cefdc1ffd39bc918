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
  <field name="schema_version" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="city" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="province" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="adcode" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="issuer" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="base_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="start_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="end_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="near_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="mid_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="total_area_km2" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="pattern" configurationFlags="None">
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
  <alias name="库结构版本" field="schema_version" index="1"/>
  <alias name="规划名称" field="name" index="2"/>
  <alias name="城市" field="city" index="3"/>
  <alias name="省份" field="province" index="4"/>
  <alias name="行政区划代码" field="adcode" index="5"/>
  <alias name="编制（发布）机关" field="issuer" index="6"/>
  <alias name="规划基期" field="base_year" index="7"/>
  <alias name="规划起始年" field="start_year" index="8"/>
  <alias name="规划目标年" field="end_year" index="9"/>
  <alias name="近期目标年" field="near_year" index="10"/>
  <alias name="中期目标年" field="mid_year" index="11"/>
  <alias name="规划总面积（km²）" field="total_area_km2" index="12"/>
  <alias name="总体修复格局" field="pattern" index="13"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="" field="schema_version" applyOnUpdate="0"/>
  <default expression="" field="name" applyOnUpdate="0"/>
  <default expression="" field="city" applyOnUpdate="0"/>
  <default expression="" field="province" applyOnUpdate="0"/>
  <default expression="" field="adcode" applyOnUpdate="0"/>
  <default expression="" field="issuer" applyOnUpdate="0"/>
  <default expression="" field="base_year" applyOnUpdate="0"/>
  <default expression="" field="start_year" applyOnUpdate="0"/>
  <default expression="" field="end_year" applyOnUpdate="0"/>
  <default expression="" field="near_year" applyOnUpdate="0"/>
  <default expression="" field="mid_year" applyOnUpdate="0"/>
  <default expression="" field="total_area_km2" applyOnUpdate="0"/>
  <default expression="" field="pattern" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="schema_version" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="name" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="city" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="province" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="adcode" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="issuer" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="base_year" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="start_year" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="end_year" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="near_year" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="mid_year" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="total_area_km2" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="pattern" notnull_strength="0" constraints="0"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="" field="schema_version" exp=""/>
  <constraint desc="" field="name" exp=""/>
  <constraint desc="" field="city" exp=""/>
  <constraint desc="" field="province" exp=""/>
  <constraint desc="" field="adcode" exp=""/>
  <constraint desc="" field="issuer" exp=""/>
  <constraint desc="" field="base_year" exp=""/>
  <constraint desc="" field="start_year" exp=""/>
  <constraint desc="" field="end_year" exp=""/>
  <constraint desc="" field="near_year" exp=""/>
  <constraint desc="" field="mid_year" exp=""/>
  <constraint desc="" field="total_area_km2" exp=""/>
  <constraint desc="" field="pattern" exp=""/>
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
